"""Side by side with peers: agreement is asserted before anything is timed."""
