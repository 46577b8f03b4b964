import MariaDBClient
import PayopsCore
import Schema
import Tabular

/// `payops roles …`: the roles of the database and what they may do.
struct RolesCommand: Verb {
  let name = "roles"
  let summary = "grant what roles may do, or check it"
  let subverbs: [any Verb] = [RolesApply(), RolesCheck()]

  /// Prints differences.
  ///
  /// - Parameter isFixed: whether they have been removed
  static func show(
    _ differences: [DatabaseRoles.Difference], in invocation: Invocation, isFixed: Bool
  ) throws {
    let table = differences.table(isFixed: isFixed && !invocation.isForPrograms)
    try invocation.console.writeFindings(table, as: invocation.format)
    let (count, one) = (differences.count, differences.count == 1)
    invocation.console.note(
      count == 0
        ? "the roles are as they should be"
        : "\(count) \(one ? "difference" : "differences")"
          + (isFixed ? " \(one ? "was" : "were") found and removed" : ""))
  }
}

/// `payops roles apply`.
struct RolesApply: DatabaseVerb {
  static let owner = Flag(
    "owner", help: "also make a locked account that owns views, routines and triggers")

  let name = "apply"
  let summary = "make roles, grant what is missing, revoke the rest"
  let discussion = """
    Roles are named after the schema: payops_bi, payops_analyst. Whoever is to have one
    gets it by SQL, and a second apply sets default role and limits of the account:

      CREATE USER bi_sales@'10.0.%' IDENTIFIED BY '...' REQUIRE SSL;
      GRANT payops_bi TO bi_sales@'10.0.%';

    Needs an account that may create users, grant all of this and read the schema mysql.
    With --owner the account payops_owner is made, in which nobody can log in, and every
    view, routine and trigger becomes its own; later deployments keep that up.
    """
  let options = [owner.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let fixed = try await invocation.withConnection { connection in
      if invocation[Self.owner] {
        try await OwnerAccount.make(on: connection)
        try await Deployment(connection: connection, version: Version.current).deploy()
      }
      return try await DatabaseRoles(connection: connection).apply()
    }
    try RolesCommand.show(fixed, in: invocation, isFixed: true)
    return .ok
  }
}

/// `payops roles check`.
struct RolesCheck: DatabaseVerb {
  let name = "check"
  let summary = "say what roles lack or have too much"
  let options = TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let found = try await invocation.withConnection { connection in
      try await DatabaseRoles(connection: connection).differences()
    }
    try RolesCommand.show(found, in: invocation, isFixed: false)
    return found.isEmpty ? .ok : .finding
  }
}
