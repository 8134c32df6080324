"""What OpenAPI says of the endpoints that store, replay and prove."""

from typing import Any, Final

PROPOSE: Final[dict[str, Any]] = {}
CORRECT: Final[dict[str, Any]] = {}
SUCCEED: Final[dict[str, Any]] = {}
CONFIRM: Final[dict[str, Any]] = {}
WITHDRAW: Final[dict[str, Any]] = {}
NOTE: Final[dict[str, Any]] = {}
LIST: Final[dict[str, Any]] = {}
SAMPLE: Final[dict[str, Any]] = {}
READ: Final[dict[str, Any]] = {}
BUNDLE: Final[dict[str, Any]] = {}
REPLAY: Final[dict[str, Any]] = {}
TIMELINE: Final[dict[str, Any]] = {}
REPLAYS: Final[dict[str, Any]] = {}
REPLAY_JOB: Final[dict[str, Any]] = {}
REPLAY_RESULTS: Final[dict[str, Any]] = {}
CHECKPOINT: Final[dict[str, Any]] = {}
ENTRY: Final[dict[str, Any]] = {}
INCLUSION: Final[dict[str, Any]] = {}
CONSISTENCY: Final[dict[str, Any]] = {}
