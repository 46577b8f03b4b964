import API
import EmbeddedServer
import Foundation
import MariaDBClient
import PayopsCore
import Schema
import Tabular

/// `payops token …`: who may use the HTTP API and the dashboard.
struct TokenCommand: Verb {
  let name = "token"
  let summary = "make, list and revoke tokens of the HTTP API"
  let discussion = """
    A token lets a person use the HTTP API and the dashboard. The database keeps a hash of
    it; it is shown once. The person stands in the audit log and in the histories of alerts
    and cases.
    """
  let subverbs: [any Verb] = [TokenCreate(), TokenList(), TokenRevoke(), TokenAccounts()]
}

/// `payops token create`.
struct TokenCreate: DatabaseVerb {
  static let person = Option.text("person", "NAME", "who holds it (needed)")
  static let scope = Option.choice(
    "scope", "SCOPE", Scope.allCases.map(\.rawValue),
    "read, operate or admin; each includes those before it (default read)")
  static let days = Option.integer(
    "days", "N", in: 1...3650, "days until it expires (default 90)")

  let name = "create"
  let summary = "make a token for a person, and print it"
  let options = [person.declaration, scope.declaration, days.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let person = invocation[Self.person] else {
      throw Fault.usage("whose token is it?", hint: "name the person with --person")
    }
    let scope = Scope(rawValue: invocation[Self.scope] ?? "read") ?? .read
    let days = invocation[Self.days] ?? 90
    let (token, expires) = try await invocation.withConnection {
      try await APIToken.create(for: person, scope, days: days, on: $0)
    }
    let console = invocation.console
    if console.isJSON {
      try console.write(
        JSON.pairs([
          "token_id": .integer(token.id), "token": .string(token.text), "person": .string(person),
          "scope": .string(scope.rawValue), "expires_at": .string(expires),
        ]).lines)
    } else {
      try console.write(token.text + "\n")
      console.note("token \(token.id) of \(person), scope \(scope.rawValue), until \(expires) UTC")
      console.note("keep it: it is not shown again")
    }
    return .ok
  }
}

/// `payops token list`.
struct TokenList: DatabaseVerb {
  static let sessions = Flag("sessions", help: "also list the sessions of browsers")
  static let all = Flag("all", help: "also list those that are revoked or have expired")

  let name = "list"
  let summary = "list the tokens"
  let options = [sessions.declaration, all.declaration] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let (sessions, all) = (invocation[Self.sessions], invocation[Self.all])
    let table = try await invocation.withConnection {
      try await APIToken.list(sessions: sessions, all: all, on: $0)
    }
    try invocation.console.write(table, as: invocation.format, empty: "no token")
    return .ok
  }
}

/// `payops token revoke`.
struct TokenRevoke: DatabaseVerb {
  static let id = Positional(name: "ID", help: "number of the token, as list prints it")

  let name = "revoke"
  let summary = "revoke a token and its sessions"
  let discussion = "A running server refuses it within five seconds."
  let positionals = [id]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    guard let text = invocation[Self.id], let id = Int64(text), id > 0 else {
      throw Fault.usage("'\(invocation[Self.id] ?? "")' is not the number of a token")
    }
    try await invocation.withConnection { try await APIToken.revoke(id, on: $0) }
    invocation.console.note("token \(id) is revoked")
    return .ok
  }
}

/// `payops token accounts`.
struct TokenAccounts: DatabaseVerb {
  static let folder = Positional(name: "DIR", help: "folder for the option files")
  static let host = Option.text(
    "from-host", "HOST", "host that the server connects from, as in an account (default localhost)")

  let name = "accounts"
  let summary = "make the database accounts that payops serve uses"
  let discussion = """
    Makes an account for each scope and one for metrics, none of which may administer the
    schema, and writes DIR/read.cnf, operate.cnf, admin.cnf and metrics.cnf with their
    passwords. Made again, they get new passwords. Needs an account that may create users
    and roles.
    """
  let positionals = [folder]
  let options = [host.declaration]

  func run(_ invocation: Invocation) async throws -> ExitCode {
    let target = try DatabaseTarget(for: invocation)
    let folder = URL(filePath: invocation[Self.folder] ?? "", directoryHint: .isDirectory)
    let accounts = ServerAccounts(of: target.database, in: folder)
    let host = invocation[Self.host] ?? "localhost"
    let options = try await target.connectionOptions()
    try await target.connect().use {
      try await accounts.make(
        on: $0, host: host, settings: options.optionFileLines, tls: options.tls)
    }
    invocation.console.note(
      "wrote the option files of \(ServerAccounts.names.count) accounts into"
        + " \(folder.path(percentEncoded: false))")
    return .ok
  }
}
