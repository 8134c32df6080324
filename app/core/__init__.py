"""What every domain shares: ids, months, canonical JSON, paging, outgoing HTTP. No domain, no database."""
