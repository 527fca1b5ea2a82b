"""The Chinese words that the bot understands, and their translations into the grammar."""

from bot.core.commands.times.day_phrases import (
    AFTER_TOMORROW,
    CHINESE_NUMBERS,
    CHINESE_WEEKS,
    NEXT_WEEK,
)
from bot.core.commands.words.vocabulary import word_set


def _by_word(meanings: dict[str, str]) -> dict[str, str]:
    return {word: meaning for meaning, words in meanings.items() for word in words.split()}


#: The translations of verbs that ask for a notification; the grammar has no such verbs. The second
#: one also begins questions about the present.
NOTIFY, TELL = "notify me", "tell me"
#: The translation of a verb that asks to notify the channel.
NOTIFY_ALL = "notify us"

#: The translation of each Chinese verb.
VERBS = _by_word(
    {
        "stop": "停止 停掉 停 终止 中止 停下 关掉 结束掉 杀掉",
        "restart": "重启 重新启动 重新运行 重新跑 重跑 再跑一次 再跑一遍",
        "subscribe": "订阅 关注 跟踪 监控",
        "unsubscribe": "取消订阅 退订 取消关注 不再订阅 不再关注",
        "subscriptions": "订阅列表 查看订阅",
        "subscriptions mine": "我的订阅 我订阅了什么 我订阅了哪些 我关注了什么 我关注了哪些",
        "subscriptions here": "这个频道订阅了什么 本频道订阅了什么 这里订阅了什么",
        "list": "列表 列出",
        "find": "查找 搜索",
        "details": "详情 详细信息",
        "help": "帮助",
        "keep": "保持 继续 保留 续期 延长 续 再续 再跑 多跑 再给 再留",
        "history": "历史 历史记录",
        "cost": "费用 成本 花费 开销 花了多少钱 花多少钱 多少钱 花了多少",
        "why": "为什么 为何 谁订阅了 谁关注了 谁在关注",
        "status": "状态 还好吗 还活着吗 正常吗 在线吗",
        "snooze": "静音 暂停 静默 屏蔽 消音 禁音 闭嘴 别吵 别吵了 太吵 太吵了 安静点 别烦 别烦我 "
        "不要烦我 别再烦我",
        "quiet": "免打扰 勿扰 安静 不要打扰我 别打扰我 不要打扰 别打扰",
        "digest": "摘要 日报 汇总",
        "settings": "设置",
        "settings language zh-CN": "说中文 用中文 讲中文 切换中文 切换到中文 换成中文 "
        "改成中文 改为中文",
        "settings language en": "说英文 用英文 说英语 用英语 切换英文 切换到英文 换成英文 改成英文 "
        "改为英文",
        "wake": "唤醒 恢复 取消静音 取消静默 结束静默",
        "claim": "认领 是我的",
        "disclaim": "取消认领 放弃认领 不是我的",
        "copy": "复制",
        "audit": "审计",
        "redeliver": "重发",
        NOTIFY: "通知我 提醒我 通知 提醒 叫我 喊我 告知我 通知一下我 提醒一下我",
        NOTIFY_ALL: "通知大家 提醒大家 告诉大家 通知频道 通知所有人",
        TELL: "告诉我 跟我说 和我说 告诉我一声 发消息给我 给我发消息 艾特我",
    }
)

#: The translation of each other Chinese word.
WORDS = _by_word(
    {
        "until": "到 直到 至 截至",
        "in": "在",
        "here": "这里 此处 本频道 此频道 这个频道 当前频道",
        "me": "我",
        "dm": "私信 私聊 我的私信",
        "all": "全部 所有 一切",
        "project": "项目 整个项目 全项目",
        "for failures": "失败时",
        "failed": "失败 出错 报错 挂了 挂掉 崩溃",
        "running": "运行中 正在运行 运行 跑起来 就绪",
        "queued": "排队 排队中",
        "finished": "完成 已完成 结束 跑完 完了 好了 运行完成 运行结束",
        "stopped": "已停止",
        "stuck": "卡住 卡死",
        "changes": "变化 有变化 状态变化",
        "deleted": "删除 已删除",
        "share": "分享 共享",
        "weekdays": "工作日",
        "except failures": "失败除外 除失败外 除了失败",
        "off": "关闭 关 取消",
        "today": "今天 今日",
        "week": "本周 这周",
        "month": "本月 这个月",
        "tomorrow": "明天",
        "monday": "周一 星期一",
        "tuesday": "周二 星期二",
        "wednesday": "周三 星期三",
        "thursday": "周四 星期四",
        "friday": "周五 星期五",
        "saturday": "周六 星期六",
        "sunday": "周日 周天 星期日 星期天",
        AFTER_TOMORROW: "后天",
        "morning": "早上 早晨",
        "evening": "晚上 傍晚",
        "language": "语言",
        "zh-CN": "中文 简体中文",
        "en": "英文 英语",
    }
)

WORDS |= {
    f"{before}{week}{number}": day + NEXT_WEEK
    for before in ("下", "下个")
    for week in CHINESE_WEEKS
    for numbers, day in CHINESE_NUMBERS.items()
    for number in numbers
}
# Days farther ahead, which the grammar does not have.
WORDS |= {word: word for word in ("大后天", *(f"下{one}" for one in WORDS if one[0] == "下"))}

#: The Chinese units of time, the longest first, and the units of the grammar.
UNITS = {
    **dict.fromkeys(["个小时", "小时", "个钟头", "钟头"], "h"),
    **dict.fromkeys(["分钟", "分"], "m"),
    **dict.fromkeys(["天", "日"], "d"),
    **dict.fromkeys(["个星期", "个礼拜", "周", "星期", "礼拜"], "w"),
}
#: The Chinese numbers before a unit, in figures.
DIGITS = {
    char: str(number)
    for number, chars in enumerate(
        ["一", "二两", "三", "四", "五", "六", "七", "八", "九", "十"], start=1
    )
    for char in chars
}

#: Words that do not change the meaning of a sentence.
FILLERS = frozenset(
    word_set(
        "你好 您好 请 请问 麻烦 麻烦你 帮我 帮忙 给我 把 将 对 一下 下 吧 啊 呀 哦 的 了 吗 么 呢 "
        "号 个 作业 任务 这个 那个 这 那 和 与 及 最近 过去 每天 每日 谢谢 现在 马上 立即 立刻 "
        "想 要 我要 我想 可以 能 你 您 请你 时 的时候 时候 之后 以后 后 就 如果 当 一旦 要是 "
        "只要 一 如 若 一声 一直 总是 老是 暂时 先 让 它 该 怎么 怎样 如何 发 发送 发个 "
        "再 的话 训练 查看 怎么用 怎么使用 用法 机器人 能不能 可不可以 能否 可否 您好 麻烦您 为 "
        "每 每个 用 通过 上个月 上月 上周"
    )
)
#: Words before a verb that negate it, or that ask whether it is so.
NEGATIONS = word_set("不 不要 别 勿 请勿 没 没有 未 不用 不能 是否 有没有")
#: Words after a verb that report or ask what happened, and request nothing: `停止了`.
PARTICLES = word_set("了 过 没 没有 吗 的")

#: Words that ask how a command is used.
HOW = word_set("怎么用 怎么使用 用法")
#: Words after which, or before which, a job is left out.
EXCLUDING = word_set("除 除了 以外 之外 除外 而不是")
#: Words with which a request to act waits for something.
LATER = word_set("后 之后 以后 时 的时候 如果 要是 一旦 当 只要 等")
#: Messages, and words that end them.
MESSAGES = word_set("消息 推送 提示 提醒 通知 发")
ENDING = word_set("停止 停掉 停 关掉 关闭 关 取消 暂停 不 不要 别 勿 不再 别再 不用")
