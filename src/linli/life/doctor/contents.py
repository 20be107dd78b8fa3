"""What is kept beside the database: evidence, the snapshot, fonts."""

from __future__ import annotations

from pathlib import Path

from linli.core.evidence import files
from linli.core.evidence.queries import damaged, orphans
from linli.insight.snapshot import manifest as manifests
from linli.insight.snapshot.core import CoreSource
from linli.life.doctor.finding import Finding, bad, note, well
from linli.packs.load import registry
from linli.reports import fonts as shelf


def evidence(home: Path) -> Finding:
    """Whether every file of evidence is there and is what it was when it was brought in."""
    del home
    wrong = damaged()
    if wrong:
        shown = "、".join(f"{digest[:12]}…{why}" for digest, why in list(wrong.items())[:3])
        words = f"{len(wrong)} 个文件有问题：{shown}"
        return bad("佐证", words, "请从备份取回 evidence 里的这些文件。")
    spare = len(orphans()) + len(list(files.drafts()))
    if spare:
        todo = "是中断的上传留下的，不影响使用，可以不管。"
        return note("佐证", f"都在，内容未变；另有 {spare} 个没有登记的文件", todo)
    return well("佐证", "都在，内容与登记时一致")


def snapshot(home: Path) -> Finding:
    """Whether the snapshot holds everything recorded; what is stale is refreshed when asked for."""
    found = manifests.read(home / "snapshot" / manifests.NAME)
    if found is None:
        return note("快照", "还没有", "第一次看数据时会自动生成。")
    missing = [name for name in found.files() if not (home / "snapshot" / name).exists()]
    if missing:
        todo = "请停掉网站，删掉 snapshot 文件夹，再启动：它会重新生成。"
        return bad("快照", f"缺少 {len(missing)} 个文件", todo)
    if found.mark != CoreSource(registry(home)).mark():
        return note("快照", f"截至 {found.as_of[:16]}，之后又有登记", "后台程序会在一分钟内更新。")
    return well("快照", f"与登记一致，截至 {found.as_of[:16]}")


def fonts(home: Path) -> Finding:
    """Whether documents have fonts to be set in."""
    found = shelf.listed(home / "fonts")
    if not found:
        return bad(
            "字体", "一种也没有，写不出 PDF", "请重新安装程序，或用 linli fonts add 加入字体。"
        )
    own = sum(one.path.is_relative_to(home) for one in found)
    return well("字体", f"{len(found)} 种，其中自备 {own} 种")
