"""What reports refuse, in words."""

from __future__ import annotations

from linli.kernel.errors import sentences

sentences(
    {
        "reports.file.unreadable": (
            "读不出报告文件 {file}：{why}。",
            "请用 Linli 写出的或由它另存的 .docx、.pdf、.html 文件再试。",
        ),
        "reports.file.too_large": (
            "报告文件里的 {file} 解开后过大，没有读。",
            "请核对文件来源；正常的报告不会这样大。",
        ),
        "reports.file.missing": ("没有文件 {file}。", "请核对路径。"),
        "reports.file.format": (
            "不认识文件 {file} 的格式。",
            "可以核对 .docx、.pdf、.html、.txt、.md。",
        ),
        "reports.out.file": (
            "报告不能放进 {out}：{file} 是文件，不是文件夹。",
            "--out 要写放报告的文件夹，没有的会建好；文件名由报告的标题而来。",
        ),
        "reports.format.unknown": ("没有输出格式 {format}。", "可用的格式：docx、pdf、html。"),
        "reports.period.unfit": (
            "{title}写的是{words}，期间 {period} 不是{words}。",
            "请把期间写成 {codes}，或者另选一种报告。",
        ),
        "reports.until.outside": (
            "截止日 {until} 不在期间 {period} 之内。",
            "截止日要落在期间的第一天与最后一天之间。",
        ),
        "reports.empty": (
            "{area}在{period}没有可以写进报告的记录。",
            "请先录入或导入这一期间的记录，或换一个期间。",
        ),
        "reports.font.unreadable": (
            "{file} 不是可用的字体文件：{why}。",
            "请选 .ttf、.otf 或 .ttc 字体文件。",
        ),
        "reports.font.missing": (
            "没有可用的中文字体，不能排 PDF。",
            "请运行 make setup 取来字体，或用 linli fonts add 加入办公室的字体。",
        ),
        "reports.pdf.failed": (
            "PDF 没有排成：{why}。",
            "请把这句话告诉管理员；.docx 和 .html 不受影响。",
        ),
        "reports.prose.unreadable": (
            "文字稿 {file} 读不出来：{why}。",
            "请存为 UTF-8 的文本文件。",
        ),
        "reports.prose.section": (
            "文字稿里的“{name}”不是这种报告的部分。",
            "可以写的部分：{names}。",
        ),
        "reports.binding.unknown": (
            "没有编号为 {key} 的数据。",
            "它可能出自另一套系统，或抄错了。",
        ),
    }
)
