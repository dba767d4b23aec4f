"""Hosts: run the dispatcher as jobs of an engine that an application has already.

Each engine has a module of its own here, which alone imports it: `procrastinate`, `celery`.
"""
