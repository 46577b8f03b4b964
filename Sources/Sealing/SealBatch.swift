/// A batch of seals as the database holds it.
struct SealBatch: Sendable, Equatable {
  /// `batch_mac` before the first batch.
  static let noMAC = String(repeating: "0", count: 64)

  let id: Int64
  let lastRequestId: Int64
  let subjectCount: Int64
  let keyId: String
  let sealedAt: String
  let previousMAC: String
  var mac = ""

  /// The seal of a subject in the batch.
  static func seal(
    kind: String, id: Int64, batch: Int64, facts: String, key: SealKeys.Key
  ) -> String {
    KeyedHash.of(["payops seal 1", kind, "\(id)", "\(batch)", facts], key: key.secret)
  }

  /// Begins the keyed hash over the batch; each seal is added to it, in the order of kind and id.
  func beginMAC(key: SealKeys.Key) -> KeyedHash {
    var hash = KeyedHash(key: key.secret)
    for text in [
      "payops seal batch 1", "\(id)", "\(lastRequestId)", "\(subjectCount)", keyId, sealedAt,
      previousMAC,
    ] {
      hash.add(text)
    }
    return hash
  }
}
