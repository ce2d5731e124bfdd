"""The front end of the demo and of the report's page: pad, answers, words and styles.

A script in the page draws; who computes differs: the demo asks its server, the report computes in
the page itself.
"""
