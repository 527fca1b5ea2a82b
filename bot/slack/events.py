"""The events about channels and the app itself to which the manifest subscribes."""

#: docs.slack.dev/reference/events; a private channel's events begin with `group`. We store ids
#: only, so a channel's new name needs no event.
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
