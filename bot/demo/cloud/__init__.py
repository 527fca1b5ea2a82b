"""The stand-in ModelArts: the vendor's API and IAM as its pages tell them, faults included."""

from bot.demo.cloud.auth import CloudCredentials
from bot.demo.cloud.server import JobView, Seen, StandInCloud

__all__ = ["CloudCredentials", "JobView", "Seen", "StandInCloud"]
