"""The events that Slack sends us without being asked."""

#: docs.slack.dev/reference/events; a private channel's events begin with `group`. A new name needs
#: nothing: only ids are kept.
LIFECYCLE_EVENTS = (
    "member_joined_channel",
    "channel_left",
    "channel_archive",
    "channel_unarchive",
    "channel_deleted",
    "channel_id_changed",
    "group_left",
    "group_archive",
    "group_unarchive",
    "group_deleted",
    "app_uninstalled",
    "tokens_revoked",
)
