# What admins say and see.

admin-stale = That command is more than ten minutes old, so I left it alone. Send it again if you still mean it.
admin-needs-id = Whom do you mean? Write the number after the command, such as 123456789. People see theirs when I turn them away.
admin-needs-id-and-credits = To whom, and how much? Write /grant 123456789 50. At most { $most } credits at once.
admin-unknown-person = I have never met { $person }. Check the number, or let them write to me first.
admin-allowed = { $number } may draw now.
admin-disallowed = { $number } is not let in any more.
admin-granted-before = This was granted already.
admin-chat-allowed = Chat { $number } may draw now, whoever in it may draw.
admin-chat-disallowed = Chat { $number } may not draw any more.
admin-here-allowed = I draw in this chat now. Its admins can set the rules: /settings
admin-here-disallowed = I do not draw in this chat any more.
admin-pot-granted =
    { $credits ->
        [one] The pot of this chat has { $credits } credit more, { $left } in all.
       *[other] The pot of this chat has { $credits } credits more, { $left } in all.
    }
admin-welcome = You may draw now. Write what you would like to see, or /help to see everything I can do.
admin-gift =
    { $credits ->
        [one] You were given { $credits } credit. It stays until you use it.
       *[other] You were given { $credits } credits. They stay until you use them.
    }

admin-trouble-key-refused = { $provider } refuses our key, so it draws nothing. Look at its setting, then restart me.
admin-trouble-no-funds = Our account at { $provider } is used up, so it draws nothing until it is filled again.
admin-trouble-service-gone = { $provider } does not seem to exist any more, so it draws nothing. You may want to turn it off.
admin-trouble-spent-today = { $provider } has drawn all that it may draw today (its DAILY_CAP). It goes on tomorrow.
admin-no-backup = I could not make a backup. The log says why; I go on trying.
admin-books =
    { $count ->
        [one] The books do not balance in { $count } place. The log says where; look before people spend more.
       *[other] The books do not balance in { $count } places. The log says where; look before people spend more.
    }

command-allow = Let a person or a group draw
command-disallow = Let a person or a group draw no more
command-grant = Give a person or a group credits

file-broken-presets =
    { $line ->
        [0] I cannot read the file of presets as it is now, so what counted before still counts. The log says what is wrong. Mend it: I look again within half a minute.
       *[other] I cannot read the file of presets as it is now: look at line { $line }. What counted before still counts. Mend it: I look again within half a minute.
    }
file-whole-presets = The file of presets is whole again, and counts now.

file-broken-prices =
    { $line ->
        [0] I cannot read the file of prices as it is now, so what counted before still counts. The log says what is wrong. Mend it: I look again within half a minute.
       *[other] I cannot read the file of prices as it is now: look at line { $line }. What counted before still counts. Mend it: I look again within half a minute.
    }
file-whole-prices = The file of prices is whole again, and counts now.
