"""What a bank line may be, as pure decisions over plain values."""
