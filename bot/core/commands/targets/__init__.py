"""What a sentence is about: a job, a name pattern, the project, a place or a person."""
