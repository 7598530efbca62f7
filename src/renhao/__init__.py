"""renhao (人号): hospital registration without a face scan."""
