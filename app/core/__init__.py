"""Shared by every domain: ids, months, canonical JSON, paging, outgoing HTTP, errors. No domain, no database."""
