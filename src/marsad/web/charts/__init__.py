"""Charts as SVG text written by the server: no script, selectable text, same on every screen.

Each comes in a narrow and a wide form, of which the style sheet shows one: one drawing scaled to a
phone would have unreadable letters. Series differ by colour, dash and marker, never by colour alone.
"""
