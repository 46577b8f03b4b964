import MariaDBClient
import Sealing
import Tabular

/// `payops seal`: seals posted payments with a key outside the database.
struct SealCommand: DatabaseVerb {
  static let key = Option.path(
    "key", "FILE", "file of keys (default $PAYOPS_SEAL_KEY or /etc/payops/seal.key)")
  static let newKey = Flag(
    "new-key", help: "make the file, or put a new key before those it has; seals nothing")
  static let delay = Option.count(
    "delay", "SECONDS", "age from which a payment is sealed (default 900)")
  static let acceptHistory = Flag(
    "accept-history", help: "continue from the batches in the database, after a restore")

  let name = "seal"
  let summary = "seal posted payments against changes behind payops' back"
  let discussion = """
    Keeps a keyed hash of every posted request with its ledger entries, of every final
    payment with its settlement, and of where each ledger begins. Whoever changes one in
    the database, as its administrator can, has not the key: `payops integrity` finds it.
    The number of the last batch is kept beside the key. Without a key nothing is sealed.

      payops seal --new-key --key /etc/payops/seal.key
    """
  let options = [
    key.declaration, newKey.declaration, delay.declaration, acceptHistory.declaration,
  ]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    if invocation[Self.newKey] {
      let path = invocation.sealKeyPath
      let keys = try SealKeys.addKey(file: path)
      try console.write(
        "\(path): key \(keys.keys[0].id) seals from now on"
          + (keys.keys.count > 1 ? ", \(keys.keys.count - 1) older kept\n" : "\n"))
      console.note("keep a copy elsewhere: without it seals prove nothing")
      return .ok
    }
    guard let keys = try invocation.sealKeys() else {
      console.note(
        "nothing is sealed: there is no key; make one with `payops seal --new-key`")
      return .ok
    }
    let count = try await invocation.withConnection { connection in
      try await PaymentSeals(connection: connection, keys: keys).seal(
        delaySeconds: invocation[Self.delay] ?? 900,
        acceptsHistory: invocation[Self.acceptHistory])
    }
    try console.write("\(count) sealed\n")
    return .ok
  }
}

extension Invocation {
  /// Where the file of keys is.
  var sealKeyPath: String { SealKeys.usualPath(named: self[SealCommand.key]) }

  /// The keys; nil when none are named and the usual file does not exist.
  func sealKeys() throws -> SealKeys? { try SealKeys.find(named: self[SealCommand.key]) }
}
