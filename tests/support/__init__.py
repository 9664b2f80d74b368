"""What tests share: tiny forces, hand-made event logs, a model that takes no time, and readers of pages."""
