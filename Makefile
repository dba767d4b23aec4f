PYTHON ?= python3
VENV := .venv

venv: $(VENV)/.stamp

$(VENV)/.stamp: pyproject.toml constraints.txt
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --upgrade --constraint constraints.txt pip
	$(VENV)/bin/python -m pip install --quiet --constraint constraints.txt --editable '.[all]' --group dev
	touch $@
