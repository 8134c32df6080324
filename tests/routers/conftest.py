"""Every test across domains is silent, whichever way it calls the service."""

import pytest


@pytest.fixture(autouse=True)
def always_silent(silent: None) -> None: ...
