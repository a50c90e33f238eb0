"""Values computed from recorded ones: eGFR, clearance, body surface and the like."""
