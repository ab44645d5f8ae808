"""Settings that every test shares."""

# First, so that the linear algebra threads are set before numpy is loaded.
from hypothesis import HealthCheck, settings

import engine.opencv  # noqa: F401

settings.register_profile(
    "convolens",
    deadline=None,
    derandomize=True,
    max_examples=40,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("convolens")
