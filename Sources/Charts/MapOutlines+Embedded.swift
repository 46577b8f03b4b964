extension MapOutlines {
  /// The outlines that the program carries: Natural Earth's countries, 1:110 million, simplified.
  package static let embedded = MapOutlines(
    text: EmbeddedAssets.all.first { $0.name == "outlines.txt" }
      .map { String(decoding: $0.bytes, as: UTF8.self) } ?? "")
}
