import Integrity
import PayopsCore
import Tabular

/// `payops privacy …`: personal data of customers.
struct PrivacyCommand: Verb {
  let name = "privacy"
  let summary = "erase the personal data of a customer"
  let subverbs: [any Verb] = [PrivacyErase(), PrivacyList()]
}

/// `payops privacy erase`.
struct PrivacyErase: DatabaseVerb {
  static let confirm = Option.text("confirm", "CUSTOMER", "the number again: there is no way back")

  let name = "erase"
  let summary = "erase personal data; payments and amounts stay"
  let discussion = """
    Calls erase_customer: one transaction, after which every column of the schema is
    searched for the old values. The proof is a row of privacy_erasures. Backups and
    binary logs from before keep the data until they are deleted. A customer with an
    open case is refused.
    """
  let positionals = [RiskCommand.customer]
  let options = [confirm.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let customer = try RiskCommand.customer(of: invocation)
    guard invocation[Self.confirm] == "\(customer)" else {
      throw Fault.usage(
        "erasing customer \(customer) cannot be undone",
        hint: "repeat it with --confirm \(customer)"
      )
    }
    let proof = try await invocation.withConnection {
      try await Erasures.erase(customer, on: $0)
    }
    try invocation.console.write(proof, as: invocation.format)
    return .ok
  }
}

/// `payops privacy list`.
struct PrivacyList: DatabaseVerb {
  let name = "list"
  let summary = "list erasures with their proofs"
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    try await invocation.show(empty: "nobody's data have been erased") { connection, _ in
      try await Erasures.list(on: connection)
    }
  }
}
