internal import PayopsCore

extension Connection {
  /// Waits until this replica has everything that a server has committed now, at most ten seconds.
  ///
  /// - Parameter server: connection to the server
  /// - Throws: ``Fault`` when the replica is still behind, `DatabaseError`
  package func catchUp(with server: Connection) async throws {
    let isMariaDB = serverVersion.isMariaDB
    let position =
      try await server.query(
        "SELECT @@GLOBAL.\(isMariaDB ? "gtid_current_pos" : "gtid_executed") AS gtid"
      ).rows.first?["gtid"] ?? ""
    // MySQL has no position without GTIDs, and none would count as reached.
    guard isMariaDB || !position.isEmpty else {
      throw Fault(
        .configuration, "the server \(server.options.endpoint) writes no GTIDs",
        hint: "set gtid_mode = ON on both, or omit --fresh to read the replica's state")
    }
    let wait = isMariaDB ? "MASTER_GTID_WAIT" : "WAIT_FOR_EXECUTED_GTID_SET"
    let waited = try query("SELECT \(wait)(?, 10) AS outcome", [.text(position)])
      .rows.first?.integer("outcome")
    guard waited == 0 else {
      throw Fault(
        .temporary, "the replica \(options.endpoint) is more than 10 s behind the server",
        hint: "omit --fresh to read the replica's state, or see SHOW REPLICA STATUS")
    }
  }

  /// Refuses to continue when the job run of this connection was replaced.
  ///
  /// - Throws: `DatabaseError` 30602
  package func checkJobFence() throws {
    _ = try execute("CALL check_job_fence()")
  }
}
