# What the speakers of this language call it.

language-name = English
