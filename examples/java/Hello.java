// A web service of the Java library alone.
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Hello {
	public static void main(String[] args) throws Exception {
		byte[] text = "Hello from Java in a container that cannot be changed.\n".getBytes();
		HttpServer server = HttpServer.create(new InetSocketAddress(8080), 0);
		server.createContext("/", exchange -> {
			exchange.sendResponseHeaders(200, text.length);
			exchange.getResponseBody().write(text);
			exchange.close();
		});
		server.start();
	}
}
