"""The stand-in ModelArts: the vendor's API and IAM as its pages tell them, faults included."""

from bot.demo.cloud.auth import CloudCredentials
from bot.demo.cloud.server import PROJECT_ID, JobView, Seen, StandInCloud

__all__ = ["PROJECT_ID", "CloudCredentials", "JobView", "Seen", "StandInCloud"]
