"""A household with many people of whom it is open if they count."""

from app.rules.values.strict_json import Json

MANY = 14  # more open people than cases are followed through for


def clergy(since: str | None) -> Json:
    members: list[Json] = [{"id": "p0", "relation": "applicant", "birth_date": "1984-03-02", "income": {}}]
    for number in range(1, MANY):
        member = {
            "id": f"p{number}",
            "relation": "sibling",
            "birth_date": "1985-01-01",
            "income": {},
            "absence": "clergy",
        }
        members.append(member | ({"absent_since": since} if since else {}))
    household = {"residence": "urban", "members": members, "assets": {}, "spending": {}, "obligors": []}
    return {"jurisdiction": "999900", "date": "2026-08-15", "household": household}
