package import Tabular

extension SendReport {
  /// What a sender did, in one line.
  package var text: String {
    "\(delivered) delivered, \(retried) to be tried again,"
      + " \(failed) given up\(lost > 0 ? ", \(lost) lost" : "")\n"
  }

  /// What a sender did.
  package var json: JSON {
    .pairs([
      "delivered": .integer(delivered), "retried": .integer(retried), "failed": .integer(failed),
      "lost": .integer(lost), "is_cut_short": .bool(isCutShort),
      "reasons": .array(reasons.map { .string($0) }),
    ])
  }
}
