from conversations.text.markdown.rendered import Rendered
from conversations.text.markdown.rendering import as_it_is, in_plain_words, in_this_language, render

__all__ = ["Rendered", "as_it_is", "in_plain_words", "in_this_language", "render"]
