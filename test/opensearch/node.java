/* One node of a cluster, in a process of its own: NAME FOLDER HTTP-PORT TRANSPORT-PORT TRANSPORT-PORTS LEADERS PLUGINS. It ends with its input. */
import java.io.IOException;
import java.util.List;
import org.codelibs.opensearch.runner.OpenSearchRunner;

class Node {
  public static void main(String[] told) throws IOException {
    List<String> leaders = List.of(told[5].split(","));
    OpenSearchRunner runner = new OpenSearchRunner();
    runner.onBuild((number, settings) -> {
      settings.put("node.name", told[0]);
      settings.put("http.port", told[2]);
      settings.put("transport.port", told[3]);
      settings.put("http.host", "127.0.0.1");
      settings.put("transport.host", "127.0.0.1");
      settings.putList("discovery.seed_hosts", told[4].split(","));
      settings.putList("cluster.initial_cluster_manager_nodes", leaders);
      settings.putList("node.roles", leaders.contains(told[0]) ? new String[] {"cluster_manager", "data"} : new String[] {"data"});
      settings.put("discovery.find_peers_interval", "200ms");
      settings.put("cluster.routing.allocation.disk.threshold_enabled", false);
      settings.put("cluster.max_shards_per_node", 5000);
      settings.put("cluster.indices.replication.strategy", "SEGMENT");
      // One without plugins allows nothing else, too.
      settings.put("cluster.index.restrict.replication.type", told[6].isEmpty());
    });
    OpenSearchRunner.Configs configs =
        OpenSearchRunner.newConfigs().clusterName("unsilo").numOfNode(1).basePath(told[1]).useLogger();
    runner.build(told[6].isEmpty() ? configs : configs.pluginTypes(told[6]));
    while (System.in.read() != -1) {}
    System.exit(0);
  }
}
