import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { problemOf } from './api/client';
import { applyTextSize, followTextSize, pixels, useTextSize } from './app/preferences';
import { router } from './app/router';
import { sessionKey } from './app/session';
import './kit/tokens.css';
import './kit/kit.css';
import './kit/work.css';
import { language, setLanguage } from './words/words';

const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';

/** A session that ended shows the way in at the address one is at; nothing else is asked twice in vain. */
const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      if (problemOf(error).status === 401) client.setQueryData(sessionKey, null);
    },
  }),
  defaultOptions: { queries: { retry: (failures, error) => failures < 2 && problemOf(error).kind === 'unreachable', refetchOnWindowFocus: false, staleTime: 30_000 } },
});

/** Where the list of a select or a tip is drawn: within the panel that it belongs to, which covers the rest of the page. */
const besides = (trigger?: HTMLElement) => trigger?.closest('dialog') ?? document.body;

function App() {
  const size = useTextSize();
  const fontSize = pixels[size];
  return (
    <ConfigProvider
      csp={{ nonce }}
      button={{ autoInsertSpace: false }}
      wave={{ disabled: true }}
      getPopupContainer={besides}
      theme={{
        token: {
          colorPrimary: '#0B4F9C', colorPrimaryHover: '#083B76', colorLink: '#0B4F9C', colorLinkHover: '#083B76', colorText: '#1F2328', colorTextSecondary: '#57606A', colorTextPlaceholder: '#57606A',
          colorTextDescription: '#57606A', colorTextDisabled: '#6E7781', colorBorder: '#8C959F', colorBorderSecondary: '#D0D7DE', colorError: '#B42318', colorSuccess: '#166534', colorWarning: '#92400E',
          borderRadius: 3, fontSize, controlHeight: size === 'normal' ? 32 : 44, fontFamily: 'var(--sans)', motion: false, boxShadowSecondary: '0 2px 12px rgba(31,35,40,.16)',
        },
        components: { Button: { primaryShadow: 'none', defaultShadow: 'none' } },
      }}
    >
      <RouterProvider router={router} />
    </ConfigProvider>
  );
}

applyTextSize();
followTextSize();
setLanguage(language());
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  );
}
