"""The exchange with verification platforms: the contract, HTTP, files, signatures."""
