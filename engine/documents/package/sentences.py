"""What can be wrong with a package, in Chinese and in English. A part of `verify.py` (see `bag`)."""

from __future__ import annotations

# ==== what follows goes into verify.py ====

#: What can be wrong -> the sentence in Chinese and in English.
SENTENCES = {
    "unreadable": ("归档包解不开：ZIP 目录已损坏或被改动", "the package cannot be opened: its ZIP directory was changed"),
    "no-bag": ("不是本产品的归档包：缺 bagit.txt 或清单，或它们已被改动", "no archive package: bagit.txt or the manifest is missing or was changed"),
    "changed": ("文件“{name}”被改动", "file {name} was changed"),
    "missing": ("文件“{name}”被删除", "file {name} was removed"),
    "added": ("文件“{name}”是后来添加的", "file {name} was added"),
    "unsure": ("文件“{name}”与清单不符，而清单本身被改动", "file {name} does not fit the manifest, which was changed itself"),
    "damaged": ("文件“{name}”读不出：被改动", "file {name} cannot be read: it was changed"),
    "entry": ("“{name}”在 ZIP 里的目录项被改动（第 {place} 字节）", "the ZIP entry of {name} was changed (byte {place})"),
    "directory": ("ZIP 的目录被改动（第 {place} 字节）", "the ZIP directory was changed (byte {place})"),
    "event": ("第 {seq} 条事件与链不符：被改动、删除或插入", "event {seq} does not fit the chain: changed, removed or inserted"),
    "events": ("事件记录的末尾被截去或添加", "the end of the history was cut off or added to"),
    "info": ("bag-info.txt 所记的大小与内容不符", "bag-info.txt does not fit the size of what is there"),
    "signature": (
        "{person} 对“{record}”的签名不再有效：签后内容被改动",
        "the signature of {person} on {record} no longer holds: what was signed was changed",
    ),
    "answer": (
        "表单“{form}”的“{field}”与历史不符：在办理以外被改动",
        "{field} of the form {form} does not fit the history: it was changed outside the steps",
    ),
    "text": (
        "第 {seq} 条事件的个人信息与其摘要不符：被改动",
        "the personal answers of event {seq} do not fit their digest: they were changed",
    ),
    "paper": (
        "文书“{name}”的内容与历史所记的摘要不符：制作以后被改动",
        "the paper {name} does not fit the digest the history has of it: it was changed after it was made",
    ),
    "no-paper": ("历史所记的文书“{name}”不在包里", "the paper {name} of the history is not in the package"),
    "paper-said": (
        "文书“{name}”与历史不符：历史记的是“{said}”，包里是“{seen}”",
        "the paper {name} does not fit the history: it says {said}, the package {seen}",
    ),
    "file": (
        "附件“{name}”的内容与历史所记的摘要不符：存入以后被改动",
        "the kept file {name} does not fit the digest the history has of it: it was changed after it was kept",
    ),
    "no-file": ("历史所记的附件“{name}”不在包里", "the kept file {name} of the history is not in the package"),
    "publication": (
        "公示“{name}”的内容与历史所记的摘要不符：公示以后被改动",
        "the publication {name} does not fit the digest the history has of it: it was changed",
    ),
    "no-publication": ("历史所记的公示“{name}”不在包里", "the publication {name} of the history is not in the package"),
    "subject": (
        "案件文件里的检查对象与历史不符：在办理以外被改动",
        "whom the case is about does not fit the history: it was changed outside the steps",
    ),
    "unsigned": (
        "签名记录“{id}”（{person}）与历史不符：被改动、删除或添加",
        "the signature {id} ({person}) does not fit the history: changed, removed or added",
    ),
    "earlier": (
        "注意：{person} 对“{record}”的签名，签的是更正或重填以前的内容",
        "note: the signature of {person} on {record} is of what was there before it was corrected or given again",
    ),
    "no-pdf": (
        "注意：没有 PDF/A：{names}。打包的机器没有装写 PDF 的组件（shuangsuiji[pdf]），或这几份写不成 PDF；HTML 原件在包里",
        "note: no PDF/A of {names}: the machine that packed lacks what writes PDF (shuangsuiji[pdf]), or they cannot be written as PDF; the originals in HTML are there",
    ),
    "packed": (
        "“{name}”被压缩：归档包里的文件不压缩，这个包被重新打过；请用原包，或解开后用包里的 verify.py 核验",
        "{name} is compressed: no file of a package is, so this one was packed again; take the original, or unpack it and run its verify.py",
    ),
    "larger": ("“{name}”所记的大小大于整个包", "{name} claims to be larger than the package"),
}  # fmt: skip
