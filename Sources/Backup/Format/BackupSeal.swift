internal import Cryptography
package import Foundation
internal import PayopsCore

/// Proves that the maker of a backup had its key: keyed hashes of the manifest.
///
/// The facts (name, number, hash of the data, tables, definitions) are sealed when the backup is
/// made; the verifying process seals its outcome. `is_pinned` is not sealed, as it changes later. A
/// field that is added to the manifest must be absent when nil, or manifests of older versions
/// would appear changed.
package struct BackupSeal: Codable, Sendable, Equatable {
  /// The keyed hash of the facts, hexadecimal.
  package let facts: String
  /// The keyed hash of the facts and the outcome of the verification; nil before a verification.
  package var outcome: String?

  private static let context = Array("payops backup seal".utf8)
  private static let length = 32

  /// Seals the facts of a manifest.
  package static func make(_ manifest: BackupManifest, key: EncryptionKey) throws(BackupError)
    -> BackupSeal
  {
    BackupSeal(facts: mac(try manifest.facts(), key: key))
  }

  /// Seals the outcome of a verification as well.
  package static func makeWithOutcome(
    _ manifest: BackupManifest, key: EncryptionKey
  ) throws(BackupError) -> BackupSeal {
    var seal = try make(manifest, key: key)
    seal.outcome = mac(try manifest.outcome(), key: key)
    return seal
  }

  /// Checks that a manifest is the one that was sealed.
  ///
  /// - Parameters:
  ///   - manifest: the backup.
  ///   - key: the key; nil when the reader has none, so that nothing is checked.
  ///   - allowsUnsealed: whether an encrypted backup of an older version, which has no seal, is
  ///     accepted.
  /// - Throws: ``BackupError/Code/unauthentic``, ``BackupError/Code/keyNeeded`` or
  ///   ``BackupError/Code/wrongKey``.
  /// - Returns: whether the seal proves the manifest.
  @discardableResult
  package static func check(
    _ manifest: BackupManifest, key: EncryptionKey?, allowsUnsealed: Bool = false
  ) throws(BackupError) -> Bool {
    guard let key else { return false }
    guard let keyId = manifest.data.keyId else {
      throw BackupError(
        .unauthentic, "\(manifest.id) is not encrypted, and a key was given",
        hint: "it may have replaced one that was; if it is what you want, omit --key")
    }
    guard keyId == key.id else {
      throw BackupError(
        .wrongKey, "\(manifest.id) is encrypted with the key \(keyId), not with \(key.id)",
        hint: "name the right key file with --key FILE")
    }
    guard let seal = manifest.seal else {
      if allowsUnsealed { return false }
      throw BackupError(
        .unauthentic, "\(manifest.id) has no seal, so nothing proves who wrote its manifest",
        hint: "versions before 0.2 wrote none: if it is one of those, add --unsealed;"
          + " `payops backup verify --unsealed` also seals it")
    }
    guard ConstantTime.areEqual(seal.facts, mac(try manifest.facts(), key: key)) else {
      throw BackupError(
        .unauthentic, "the manifest of \(manifest.id) is not the one that was sealed",
        hint: "somebody without the key changed it; restore another backup")
    }
    return true
  }

  /// Whether a holder of the key wrote the outcome of the verification.
  package static func provesOutcome(
    _ manifest: BackupManifest, key: EncryptionKey
  ) throws(BackupError) -> Bool {
    guard let outcome = manifest.seal?.outcome else { return false }
    return ConstantTime.areEqual(outcome, mac(try manifest.outcome(), key: key))
  }

  /// A keyed hash; as the key itself encrypts, it uses a key derived from that.
  private static func mac(_ data: Data, key: EncryptionKey) -> String {
    let own = SecretKey(BLAKE2b.hash(context, key: key.secret, length: length))
    return Hexadecimal.text(BLAKE2b.hash([UInt8](data), key: own, length: length))
  }
}

extension BackupManifest {
  /// The fields that neither verification nor rotation changes.
  package func facts() throws(BackupError) -> Data {
    var bare = self
    bare.isPinned = false
    bare.verification = Verification()
    bare.seal = nil
    return try bare.encoded()
  }

  /// The facts with the outcome of the verification.
  package func outcome() throws(BackupError) -> Data {
    var bare = self
    bare.isPinned = false
    bare.seal = nil
    // An incomplete attempt needs no key and changes no outcome.
    bare.verification.attempt = nil
    return try bare.encoded()
  }

  /// SHA-256 of the facts, hexadecimal, which the register keeps to detect later changes of the
  /// manifest.
  package var hash: String {
    get throws(BackupError) {
      var hash = SHA256()
      try facts().withUnsafeBytes { hash.update($0) }
      return hash.finish()
    }
  }
}
