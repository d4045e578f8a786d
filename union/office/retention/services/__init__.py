"""What is changed about keeping: days by two people, holds placed, renewed and lifted."""
