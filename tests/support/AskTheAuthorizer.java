import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.metrics.internals.PluginMetricsImpl;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.security.auth.SecurityProtocol;
import org.apache.kafka.metadata.authorizer.StandardAcl;
import org.apache.kafka.metadata.authorizer.StandardAuthorizer;
import org.apache.kafka.server.authorizer.Action;
import org.apache.kafka.server.authorizer.AuthorizableRequestContext;
import org.apache.kafka.server.authorizer.AuthorizationResult;

/**
 * Asks the authorizer of the brokers. A line is a word and its fields, between tabs: SET (open or closed) begins
 * a set of bindings, ACL adds one, ASK asks, END has the answers printed on one line, a letter each: A or D.
 */
class AskTheAuthorizer {
    record Client(KafkaPrincipal principal, InetAddress clientAddress) implements AuthorizableRequestContext {
        public String listenerName() { return "TEST"; }
        public SecurityProtocol securityProtocol() { return SecurityProtocol.PLAINTEXT; }
        public int requestType() { return 0; }
        public int requestVersion() { return 0; }
        public String clientId() { return "test"; }
        public int correlationId() { return 0; }
    }

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
        PrintStream out = new PrintStream(System.out, false, "UTF-8");
        Map<Uuid, StandardAcl> bindings = new LinkedHashMap<>();
        List<String[]> questions = new ArrayList<>();
        String open = "";
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            String[] f = line.split("\t", -1);
            switch (f[0]) {
                case "SET" -> open = f[1];
                case "ACL" -> bindings.put(new Uuid(1, bindings.size() + 1), new StandardAcl(
                    ResourceType.valueOf(f[1]), f[2], PatternType.valueOf(f[3]), f[4], f[5],
                    AclOperation.valueOf(f[6]), AclPermissionType.valueOf(f[7])));
                case "ASK" -> questions.add(f);
                default -> {
                    out.println(answers(open, bindings, questions));
                    out.flush();
                    bindings.clear();
                    questions.clear();
                }
            }
        }
    }

    static String answers(String open, Map<Uuid, StandardAcl> bindings, List<String[]> questions) throws Exception {
        StringBuilder found = new StringBuilder();
        try (Metrics metrics = new Metrics();
            PluginMetricsImpl plugin = new PluginMetricsImpl(metrics, Map.of());
            StandardAuthorizer authorizer = new StandardAuthorizer()) {
            authorizer.withPluginMetrics(plugin);
            authorizer.configure(Map.of("allow.everyone.if.no.acl.found", String.valueOf(open.equals("open"))));
            authorizer.loadSnapshot(bindings);
            authorizer.completeInitialLoad();
            for (String[] f : questions) {
                String[] who = f[4].split(":", 2);
                Client client = new Client(new KafkaPrincipal(who[0], who[1]), InetAddress.getByName(f[5]));
                ResourcePattern resource =
                    new ResourcePattern(ResourceType.valueOf(f[1]), f[2], PatternType.LITERAL);
                Action action = new Action(AclOperation.valueOf(f[3]), resource, 1, false, false);
                AuthorizationResult result = authorizer.authorize(client, List.of(action)).get(0);
                found.append(result == AuthorizationResult.ALLOWED ? 'A' : 'D');
            }
        }
        return found.toString();
    }
}
