"""The answers of the service about itself."""

from typing import Literal

from app.rules.schema_base import Shape, described


class Up(Shape):
    """The process is up."""

    status: Literal["up"] = described("状态", "Always up", "up")


class Ready(Shape):
    """The service can answer."""

    status: Literal["ready"] = described("状态", "Always ready", "ready")
    divisions: int = described("地区数", "How many packs are loaded, the nation's included", 8)
    storage: bool = described(
        "可以保存", "Whether decisions can be stored; false where the service runs without storage", True
    )
