"""What a page found, as it says it, and how long that is."""

import re
from html import unescape

MOST_WORDS = 45


def finding_on(client, path, language):
    """Return the sentence on top of a page, None where it has none."""
    html = client.get(f"/{language}/{path}").content.decode()
    found = re.search(r'<p class="finding">(.*?)<a class="how-computed" href="([^"]+)"', html, re.S)
    if not found:
        return None
    text = " ".join(unescape(re.sub(r"<[^>]+>", "", found[1])).split())
    assert f'content="{text}"' in unescape(html)
    rule = found[2].partition("#")[2]
    assert f'<dt id="{rule}">' in client.get(f"/{language}/methodology/").content.decode()
    if language == "en":
        assert len(text.split()) <= MOST_WORDS, text
    else:
        assert not re.search(r"[\u4e00-\u9fff] | [\u4e00-\u9fff]|[,;:.]$", text), text
    return text
