import EmbeddedServer
import MariaDBClient
import PayopsCore
import Schema
import Tabular

/// `payops deploy`: installs tables, views and routines, or shows what that would do.
struct DeployCommand: DatabaseVerb {
  static let check = Flag("check", help: "only look for drift; exit with 1 when there is any")
  static let dryRun = Flag("dry-run", help: "only print the SQL that would be run")
  static let noOwner = Flag(
    "no-owner", help: "make no owner account: objects belong to the account that deploys")

  static let print = Flag("print", help: "print the SQL of an empty schema; connects to no server")
  static let dialect = Option.choice(
    "dialect", "SERVER", Dialect.allCases.map(\.rawValue),
    "what --print writes SQL for: mariadb (default) or mysql")

  let name = "deploy"
  let summary = "install the schema, or look for drift"
  let discussion = """
    Installs whatever is missing, older or changed, in the order of the manifest that is
    inside the program, and creates the schema itself when it does not exist. Tables of
    earlier versions are led to the present one with their rows. Before the first
    statement it looks for what would stop it: tables that are not of payops, privileges,
    settings of the server, rows. Deploying again changes nothing. One deployment runs at
    a time. Exits with 1 while a table differs from what the program defines; --check
    exits with 77 when the account may not see what it would compare. Says on stderr into
    which schema of which server it deploys; where no server is named, it makes the
    embedded one if there is none yet.

    Views, routines, triggers and events run with the rights of their owner. They get a
    locked account of their own, payops_owner, which may do nothing outside the schema,
    where the account that deploys may make it (CREATE USER, SET USER, GRANT OPTION).
    """
  let options =
    [
      check.declaration, dryRun.declaration, noOwner.declaration, print.declaration,
      dialect.declaration,
    ] + TableOptions.all

  func run(_ invocation: Invocation) async throws -> ExitCode {
    if invocation[Self.check], invocation[Self.dryRun] {
      throw Fault.usage("--check and --dry-run exclude each other")
    }
    let isPrinting = invocation[Self.print]
    if isPrinting, invocation[Self.check] || invocation[Self.dryRun] {
      throw Fault.usage("--print excludes --check and --dry-run")
    }
    if let dialect = invocation[Self.dialect], !isPrinting {
      throw Fault.usage("--dialect \(dialect) needs --print: a server's own is known")
    }
    if isPrinting {
      let dialect = invocation[Self.dialect].flatMap(Dialect.init(rawValue:)) ?? .mariaDB
      try invocation.console.write(Manifest.embedded().script(in: dialect))
      return .ok
    }
    if invocation[Self.check] { return try await check(invocation) }
    if !invocation[Self.dryRun] { try await prepare(invocation) }
    return try await deploy(invocation)
  }

  /// Says where it deploys, looks for what would stop it, and makes the schema.
  private func prepare(_ invocation: Invocation) async throws {
    let target = try DatabaseTarget(for: invocation, installs: true)
    try await target.connect(selectsDatabase: false).use { connection in
      invocation.console.note("deploying into \(target.description(on: connection))")
      try await Deployment.checkServer(for: target.database, on: connection)
      try await SchemaLookup.make(target.database, on: connection)
    }
  }

  private func deploy(_ invocation: Invocation) async throws -> ExitCode {
    let console = invocation.console
    let isDryRun = invocation[Self.dryRun]
    let (steps, left) = try await invocation.withConnection { connection in
      let deployment = try Deployment(connection: connection, version: Version.current)
      guard !isDryRun else { return (try await deployment.plan(), [Drift]()) }
      if !invocation[Self.noOwner], try await !OwnerAccount.makeIfAllowed(on: connection) {
        console.note(
          "note: the account may not make payops' owner, so what it deploys is its own;"
            + " `payops doctor` says whether that is safe")
      }
      let bar = ProgressBar("deploy", unit: "objects", console: console)
      defer { bar.finish() }
      let steps = try await deployment.deploy { number, _, _ in bar.update(to: number) }
      return (steps, try await deployment.tableDrift())
    }
    if invocation.isForPrograms || !console.choice.isUsual {
      try console.write(steps.table, as: invocation.format)
    } else if isDryRun {
      for step in steps { try console.write(step.script) }
    } else {
      try console.write(
        steps.isEmpty
          ? (left.isEmpty ? "the schema is up to date\n" : "nothing to deploy\n")
          : "\(steps.count) objects deployed\n")
    }
    for drift in left { console.note(drift.description) }
    if !left.isEmpty {
      console.note("undo what was altered by hand in these tables; nothing here could do it safely")
    }
    return left.isEmpty ? .ok : .finding
  }

  private func check(_ invocation: Invocation) async throws -> ExitCode {
    let (missing, drift) = try await invocation.withConnection { connection in
      let deployment = try Deployment(connection: connection, version: Version.current)
      let missing = try await deployment.missingToCompare()
      return (missing, missing.isEmpty ? try await deployment.drift() : [])
    }
    guard missing.isEmpty else {
      throw Fault(
        .noPermission,
        "whether the schema differs is unknown: the account cannot see every definition, since it"
          + " lacks \(missing.joined(separator: ", ")) on the schema",
        hint: "check as the account that deploys; the role admin has these privileges")
    }
    let hidden = drift.count { $0.kind == .hidden }
    let count = drift.count - hidden
    try invocation.console.writeFindings(drift.table, as: invocation.format)
    invocation.console.note(drift.isEmpty ? "no drift" : "\(count) objects differ")
    guard hidden == 0 || count > 0 else {
      throw Fault(
        .noPermission,
        "whether \(hidden) routines differ is unknown: the server hides their bodies from the"
          + " account", hint: "check as the account that deploys, or grant SELECT on mysql.proc")
    }
    return drift.isEmpty ? .ok : .finding
  }
}
