"""Operations on the store: what the outbox and the inbox do in one transaction each."""
