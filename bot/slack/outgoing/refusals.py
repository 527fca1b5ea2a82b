"""What each of Slack's error codes means for a message, as data.

docs.slack.dev/reference/methods: chat.postMessage, chat.update, chat.delete,
conversations.history, conversations.replies, and the codes that every method may answer.
"""

from bot.core.errors import Refusal
from bot.core.text import say

#: After these codes, and after any code not listed here, nobody knows whether the call took effect.
UNCLEAR = frozenset(
    {
        "duplicate_channel_not_found",
        "duplicate_message_not_found",
        "fatal_error",
        "internal_error",
        "list_record_comment_fetch_failed",
        "request_timeout",
        "service_unavailable",
        "update_failed",
    }
)

_CODES = {
    Refusal.TOO_FAST: """
        external_channel_migrating message_limit_exceeded rate_limited ratelimited
        team_added_to_org
    """,
    Refusal.PLACE: """
        cannot_dm_bot channel_is_limited_access channel_not_found ekm_access_denied is_archived
        is_inactive messages_tab_disabled no_permission not_in_channel posting_to_channel_denied
        restricted_action restricted_action_non_threadable_channel
        restricted_action_read_only_channel restricted_action_thread_locked
        restricted_action_thread_only_channel user_disabled user_not_found
    """,
    Refusal.WORKSPACE: """
        access_denied account_inactive app_access_restricted enterprise_is_restricted invalid_auth
        not_allowed_token_type not_authed org_login_required team_access_not_granted
        team_not_found token_expired token_revoked two_factor_setup_required
    """,
    Refusal.MESSAGE_GONE: """
        block_mismatch cannot_reply_to_message cant_update_message edit_window_closed
        message_not_found thread_not_found
    """,
    Refusal.SCOPE: """
        cant_delete_message method_not_supported_for_channel_type missing_scope
    """,
    Refusal.CONTENT: """
        as_user_not_supported attachment_payload_limit_exceeded blocked_file_type
        cant_broadcast_message draft_already_deleted draft_already_sent draft_has_conflict
        draft_not_found file_deleted file_is_deleted file_not_found file_share_limit_reached
        invalid_arguments invalid_attachments invalid_blocks invalid_blocks_format invalid_cursor
        invalid_limit invalid_metadata_filter_keys invalid_metadata_format
        invalid_metadata_schema invalid_ts_latest invalid_ts_oldest markdown_text_conflict
        max_file_sharing_exceeded metadata_must_be_sent_from_app metadata_too_large
        missing_file_data msg_blocks_too_long msg_too_long no_dual_broadcast_content_update
        no_text send_on_behalf_not_allowed slack_connect_blocked_file_type
        slack_connect_canvas_sharing_blocked slack_connect_clip_sharing_blocked
        slack_connect_file_link_sharing_blocked slack_connect_file_upload_sharing_blocked
        slack_connect_lists_sharing_blocked streaming_state_conflict too_many_attachments
        too_many_contact_cards unable_to_share_files
    """,
}

#: Slack's code -> why Slack refused the message.
REFUSALS = {code: refusal for refusal, codes in _CODES.items() for code in codes.split()}

#: What to do about a code, where the code alone does not say so.
CURES = {
    "invalid_auth": say("SLACK_BOT_TOKEN is not a token of this workspace: copy it again."),
    "not_authed": say("Set SLACK_BOT_TOKEN."),
    "token_revoked": say("Reinstall the app and set the new SLACK_BOT_TOKEN."),
    "token_expired": say("Turn token rotation off for the app, or reinstall it."),
    "account_inactive": say("The app was removed from the workspace: install it again."),
    "ratelimited": say("Slack asks us to slow down; it clears by itself."),
    "not_in_channel": say("Invite the app to the channel."),
    "channel_not_found": say("Invite the app to the channel, if it still exists."),
    "is_archived": say("Unarchive the channel."),
}

#: Seconds to wait after a code that asks for a wait without saying how long.
WAITS = {"message_limit_exceeded": 300.0}
