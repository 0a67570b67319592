"""Issues the proofs that modules were finished: their codes, who withdraws them, and the badges that the site signs."""
