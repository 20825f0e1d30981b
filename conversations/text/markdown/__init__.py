from conversations.text.markdown.labels import with_labels
from conversations.text.markdown.rendered import Rendered
from conversations.text.markdown.rendering import as_it_is, in_one_line, render

__all__ = ["Rendered", "as_it_is", "in_one_line", "render", "with_labels"]
