"""A rendered template with one of everything a paper may hold."""

from __future__ import annotations

from engine.documents.qr import qr_svg

CODE = "SSJ1|inspection-18|91990102MA6TF66004|LD-01|123|abc"


def page(body: str, look: str = "", title: str = "试") -> str:
    """Return a whole document around `body`."""
    return f'<!DOCTYPE html>\n<html lang="zh-CN">\n<head><title>{title}</title></head>\n<body class="{look}">\n{body}\n</body></html>'


def everything(look: str = "") -> str:
    """Return a document with every block there is."""
    return page(
        f"""<h1><small>示例区人力资源和社会保障局</small>行政检查通知书</h1>
<p class="number">示人社检通〔2026〕5号</p>
<p class="flat">示例劳务有限公司：</p>
<p>经<strong>抽取</strong>，本局定于
 2026年3月5日检查。</p>
<h2>一、检查事项</h2>
<table><thead><tr><th scope="col">序号</th><th scope="col">事项</th><th scope="col">依据</th></tr></thead><tbody>
<tr><td class="c">1</td><td>规章制度</td><td>《劳动保障监察条例》第十条第二项、第十一条第一项；《劳动合同法》第四条</td></tr>
<tr class="tall"><th scope="row">意见</th><td colspan="2"><p>同意</p><p><span class="opt"><span class="box">□</span>是</span></p></td></tr>
</tbody></table>
<ol><li>有权陈述、申辩。</li><li>有权申请回避。</li></ol>
<ul><li>营业执照</li></ul>
<div class="digest"><span>abcd</span><span>ef01</span><span>2345</span><span>6789</span><span>0000</span></div>
<p>摘要 <span class="hex">00ff</span></p>
<div class="sign"><p>检查人员：<span class="line"></span></p><p>日期：<span class="line short">3月5日</span></p></div>
<div class="seal"><p>示例区人力资源和社会保障局</p><p>2026年3月1日</p></div>
<div class="qr">{qr_svg(CODE, "任务二维码")}<div><p>任务编号：inspection-18</p></div></div>
<p class="foot">本局格式。</p>""",
        look,
        title="行政检查通知书 5号",
    )
