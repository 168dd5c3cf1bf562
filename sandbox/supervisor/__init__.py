"""PID 1 of a sandbox container: executes one program after the other, each in a process of its own.

Standard library only. The client sends these modules over the attached stream when the container
starts, so image and client can never disagree. `main` explains the order of events.
"""
