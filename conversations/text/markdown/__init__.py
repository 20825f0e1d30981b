from conversations.text.markdown.labels import with_labels
from conversations.text.markdown.rendered import Rendered
from conversations.text.markdown.rendering import as_it_is, in_plain_words, render

__all__ = ["Rendered", "as_it_is", "in_plain_words", "render", "with_labels"]
