// Every address of the desk and a role that may open it; pages are looked at in both languages and at three text sizes.
export const routes = [
  { name: 'login', path: '/', role: null },
  { name: 'overview', path: '/', role: 'leader' },
  { name: 'register', path: '/register', role: 'county' },
  { name: 'household', path: '/register/$household', role: 'county' },
  { name: 'imports', path: '/imports', role: 'county' },
  { name: 'me', path: '/me', role: 'county' },
  { name: 'lab', path: '/lab', role: 'city' },
  { name: 'why', path: '/why/$household', role: 'county' },
  { name: 'letter', path: '/letter/$household', role: 'county' },
  { name: 'notice', path: '/notice', role: 'village' },
  { name: 'log', path: '/log', role: 'auditor' },
  { name: 'claims', path: '/claims', role: 'city' },
  { name: 'problems', path: '/problems', role: 'city' },
  { name: 'problem', path: '/problems/$problem', role: 'city' },
  { name: 'decision', path: '/decisions/$decision', role: 'city' },
];
