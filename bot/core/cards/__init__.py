"""What people see: facts and controls, no markup."""
