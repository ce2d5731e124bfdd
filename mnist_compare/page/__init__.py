"""What the demo and the report's page show: pad, answers, words and styles.

A script in the page draws. The demo asks its server; the report computes in the page itself.
"""
