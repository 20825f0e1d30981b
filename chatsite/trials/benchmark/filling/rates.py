"""How often people react, reply, attach files, edit and pin: counted in real archives.

The archives are five exports of Slack, Mattermost and Discord published under free licences, 1,331 messages written by
people. 1,031 of them are one workspace of two years (github.com/houstondatavis/slack-export); the rest are small
exports that the projects slack-export-viewer, Zulip and Mattermost test their importers with. About one message in
seven has a reaction or a file. Invented archives are left out: their counts are higher, as each
message is there to show a feature.

Threads are counted in the 153 messages of archives from programs with threads; Slack did not have them in 2016.
"""

REACTED = 0.079  # 105 of 1,331 messages
WITH_FILE = 0.052  # 69 of 1,331, each with one file
EDITED = 0.030  # 40 of 1,331
PINNED = 0.002  # 3 of 1,331
REPLIES = 0.046  # 7 of 153, in 5 threads
IN_SAME_THREAD = 0.3  # of the replies, so that a thread has 7 / 5 replies

# Reactions under a message that has any: 1 under 39 messages, 2 under 24, and so on.
REACTIONS_UNDER_A_MESSAGE = {1: 39, 2: 24, 3: 11, 4: 8, 6: 2, 7: 2, 9: 1, 11: 1}
ANOTHER_EMOJI = 0.27  # of the reactions after the first: 198 reactions under 88 messages were 118 different ones
EMOJI = {"👍": 91, "👏": 19, "💯": 13, "🔥": 11, "😎": 8, "👌": 6, "👋": 4, "🚒": 3, "😂": 3}
PICTURES = 0.7  # of the files: 43 of 61

# Not counted, but needed by searches for links and code.
WITH_LINK = 0.02
WITH_CODE = 0.01
