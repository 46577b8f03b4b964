package import PayopsCore

extension Connection {
  /// Waits until this replica has everything that a server has committed now, at most ten seconds.
  ///
  /// - Parameter server: connection to the server
  /// - Throws: ``Fault`` when the replica is still behind, `DatabaseError`
  package func catchUp(with server: Connection) async throws {
    let position =
      try await server.query("SELECT @@GLOBAL.gtid_current_pos AS gtid").rows.first?["gtid"] ?? ""
    let waited = try query("SELECT MASTER_GTID_WAIT(?, 10) AS outcome", [.text(position)])
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
