"""The stand-in ModelArts: the API and IAM as the vendor documents them, and faults on demand."""

from bot.demo.cloud.auth import CloudCredentials
from bot.demo.cloud.server import PROJECT_ID, JobView, Seen, StandInCloud

__all__ = ["PROJECT_ID", "CloudCredentials", "JobView", "Seen", "StandInCloud"]
